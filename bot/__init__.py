"""The web app: pages, widget, chat and voice sockets, transcripts and the staff's pages."""
