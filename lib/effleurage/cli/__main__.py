"""``python -m effleurage.cli`` is the command ``effleurage``."""

from effleurage.cli import main

if __name__ == "__main__":
    main()
