// A message: its time, and its copy buttons.
import "./time.js";
import "./copy.js";
