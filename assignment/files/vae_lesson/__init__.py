"""What comes with the lesson: the digits, a progress bar over minibatches, the plots, pieces to touch. No answers live here."""
