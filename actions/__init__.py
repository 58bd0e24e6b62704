"""What Rasa may ask the bridge for. Runs in the bridge's environment: `python -m rasa_sdk --actions actions.tickets`."""
