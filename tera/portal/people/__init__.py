"""The people of the back office: their accounts and roles, who may do what, and the trail that they leave."""
