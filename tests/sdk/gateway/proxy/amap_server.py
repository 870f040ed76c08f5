"""Plays Amap's server over standard input and output, on a ground of one landmark. Synthetic."""

from metier.servers.serve import serve_stdio
from metier_maps.providers.replay import Ground, Landmark, make_amap_replay
from metier_maps.routing.router import Point

PLACE = Landmark(1, "Museum Arvel", Point(30.25, 120.14), "museum", (), "", "Arvel", "Old Town")

if __name__ == "__main__":
    serve_stdio(make_amap_replay(Ground((PLACE,))))
