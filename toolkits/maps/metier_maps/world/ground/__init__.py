"""The ground of the fictional map: terrain, roads, streets, water."""
