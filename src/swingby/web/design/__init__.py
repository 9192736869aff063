"""The look of Swingby: tokens, components, charts and the gallery that shows them all."""
