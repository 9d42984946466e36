"""Networks for turbulent stresses."""
