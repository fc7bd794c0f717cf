größe = {"schlüssel": "wert"}
print("日本語", größe["schlüssel"], größe["fehlt"])
