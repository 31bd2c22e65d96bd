"""The lending domain: borrowers, products, loans, identity. Imports neither Rasa nor the bot nor the voice."""
