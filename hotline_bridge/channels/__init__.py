"""Where messages come from and go to. Each provider's library appears here and nowhere else."""
