"""The operators' listener. For now it carries health and the trial phones."""
