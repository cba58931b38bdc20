// What all pages of the console have: times, copy buttons, forms that are sent once, and keys.
import "./time.js";
import "./copy.js";
import "./once.js";
import "./keys.js";
