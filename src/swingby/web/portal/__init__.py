"""The portal: what one partner sees of the programs it belongs to."""
