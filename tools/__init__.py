"""The tools behind ./run. The ones that it starts itself need nothing but the standard library."""
