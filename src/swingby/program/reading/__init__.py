"""Reading programs: from YAML to nodes, and from nodes to the model, noting every issue on the way."""
