"""Speed and memory of Komek as it runs, on loopback with fake providers: ./run.sh bench."""
