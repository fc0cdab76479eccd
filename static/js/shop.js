// Small conveniences; every job can be done without them.
import { stepQuantities } from './quantity.js';
import { showGallery } from './gallery.js';
import { fillDivisions } from './address.js';
import { followAgreement } from './calculator.js';
import { followFreight } from './freight.js';
import { openLargePhotos } from './large-photo.js';
import { submitOnce } from './once.js';
import { showSeen } from './seen.js';
import { pickVariants } from './variants.js';
import { suggestWhileTyping } from './suggestions.js';
import { countFacets } from './facets.js';
import { offerPrinting } from './print.js';
import { followProgress } from './progress.js';

stepQuantities();
showGallery();
fillDivisions();
followAgreement();
followFreight();
submitOnce();
openLargePhotos();
showSeen();
pickVariants();
suggestWhileTyping();
countFacets();
offerPrinting();
followProgress();
