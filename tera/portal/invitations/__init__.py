"""How people are asked to answer: posters, cards, links, messages and tickets."""
