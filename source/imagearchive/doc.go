// Package imagearchive reads the images of archives: what docker save writes, and OCI
// image layouts as archives or directories.
//
// An archive is read once from its beginning to its end. Nothing is unpacked to disk,
// and of its files only documents are kept, which are few and small; layers are passed
// over. Names in it lead to other files of the archive and nowhere else.
package imagearchive
