"""The parts of the pages that Streamlit does not have: the 3D viewer and the gallery of assets."""
