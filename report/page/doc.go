// Package page writes a report as one HTML file that needs nothing else: no network, no
// script to be read, no font. It knows how a report looks; what it says comes from the
// caller, in words. Same page, same bytes.
package page
