"""Plans: lists of assets as people write them, read from each format, compared with what there is, applied."""
