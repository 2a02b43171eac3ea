"""Grades the VAE assignment without ever trusting the notebook it grades."""
