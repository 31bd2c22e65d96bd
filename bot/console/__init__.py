"""The staff's pages: sign-in, conversations, recordings and the queue of people to call back."""
