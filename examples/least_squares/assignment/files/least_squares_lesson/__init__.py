"""What the lesson on least squares shows: a spring's measurements and one plot. Nothing here is graded."""
