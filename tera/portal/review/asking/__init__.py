"""Questions to a unit about its survey, and sending a survey back that was returned."""
