"""Documents, their seals, and who proves them: over real HTTP, with the tools that others use."""
