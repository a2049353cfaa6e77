"""People coached, under pseudonyms: who they are stands nowhere in this system."""
