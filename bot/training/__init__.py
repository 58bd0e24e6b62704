"""Makes the models from the linguists' files: corpus, augmentation of spelling, fitting, calibration."""
