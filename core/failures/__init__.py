"""Why tasks end badly or stand still: grouped by cause, explained, and kept until somebody has dealt with it."""
