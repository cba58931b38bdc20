// A message: its time, its copy buttons, and forms that are sent once.
import "./time.js";
import "./copy.js";
import "./once.js";
