"""Corrections of staff become examples, a patch of data/, a retrained model, and its comparison with the present one.

``examples``, ``folder`` and ``serving`` import nothing heavy: the bot uses them. The rest runs in processes of its own.
"""
