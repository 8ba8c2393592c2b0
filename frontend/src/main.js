// Every page: what makes it more comfortable. All of it works without.
import { copyButtons } from "./copy.js";
import { pickers } from "./picker.js";
import { searchFields } from "./search.js";
import { sortableTables } from "./sortable.js";
import { viewForms } from "./view.js";

for (const enhance of [searchFields, pickers, sortableTables, copyButtons, viewForms]) enhance(document);
