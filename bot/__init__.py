"""The dialogue part of Komek. `bot.reading` is shared with the bridge; all else runs beside Rasa on Python 3.10."""
