"""What comes with the lesson: the digits, a progress bar over minibatches, the plots. No answers live here."""
