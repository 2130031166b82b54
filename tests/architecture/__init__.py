"""The house's rules, as tests: each check is a function, and a companion shows it finding a planted fault."""
