"""Call-backs: a random sample of those who were served is asked how they answered."""
