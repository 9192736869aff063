"""A firm's learning: its catalogue, what its people hold and prepare, what asks for them."""
