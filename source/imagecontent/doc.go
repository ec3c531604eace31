// Package imagecontent reads what the files of an image tell, from the headers
// of its layers: which programs are setuid or have capabilities, which files
// hold secrets.
//
// Layers are read where the engine keeps them on this machine: its own store
// has the headers of each layer's archive beside the unpacked files, containerd's
// has the archive. Nothing is mounted, no container is made, and the engine is
// not asked for an export, which it would write to its disk first.
//
// A layer is read once and then put together with those above it, as the engine
// does: what a higher layer replaces, removes or covers is not in the image. What
// is out of bounds, or put so that engines may differ, is an error and no result.
package imagecontent
