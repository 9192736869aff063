"""A card for the eye: figures in words, its picture as SVG, the page and the paper around it."""
