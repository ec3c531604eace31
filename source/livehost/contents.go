package livehost

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/hostfile"
	"seawall/source/imagecontent"
)

// Deep says of which images the files are read.
type Deep string

// The values of Deep.
const (
	NotDeep  Deep = ""     // of none
	DeepUsed Deep = "used" // of images that containers use
	DeepAll  Deep = "all"
)

// deepTimeout is how long reading the files of all images may take.
const deepTimeout = 10 * time.Minute

// layerKey names a layer. The engine is part of it: what one keeps under a
// digest says nothing of another.
type layerKey struct {
	engine int
	diffID string
}

// layerRead is a layer that several images may share.
type layerRead struct {
	ref   imagecontent.Ref
	image string // the first that needs it, for the progress
	layer *imagecontent.Layer
	err   error
}

// imageRead is an image whose layers are known.
type imageRead struct {
	image  *snapshot.Image
	layers []*layerRead
	source string
}

// contents reads the files of images. Each layer is read once.
func (c *collector) contents(ctx context.Context, engines []found, out []snapshot.Engine) {
	if c.DeepTimeout == 0 {
		c.DeepTimeout = deepTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, c.DeepTimeout)
	defer cancel()
	var images []imageRead
	var layers []*layerRead
	known := map[layerKey]*layerRead{}
	for i := range out {
		store, gap := c.store(engines[i], &out[i])
		list, _ := out[i].Images.Peek()
		for n := range list {
			image := &list[n]
			if !c.wants(image, gap) || !c.isFor(image, &out[i]) {
				continue
			}
			source := "layers of " + image.Name()
			refs, err := store.Layers(image)
			if err != nil {
				image.ImageContents = snapshot.LostContents(imagecontent.Gap(err), source)
				continue
			}
			one := imageRead{image: image, source: source}
			for _, ref := range refs {
				key := layerKey{i, ref.DiffID}
				if known[key] == nil {
					known[key] = &layerRead{ref: ref, image: image.Name()}
					layers = append(layers, known[key])
				}
				one.layers = append(one.layers, known[key])
			}
			images = append(images, one)
		}
	}
	c.readLayers(ctx, layers)
	for _, one := range images {
		one.merge(ctx)
	}
}

// wants reports whether an image is to be read; where it is not, its facts say
// why. The gap is that of the whole engine.
func (c *collector) wants(image *snapshot.Image, gap *snapshot.Gap) bool {
	if gap == nil && c.Deep == DeepUsed && len(image.UsedBy) == 0 && !slices.ContainsFunc(c.DeepImages, image.Is) {
		gap = &snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.N("no container uses the image, and the files of those in use were asked for"),
			Remedy: lang.N("run with --deep=all"),
		}
	}
	if gap == nil {
		return true
	}
	image.ImageContents = snapshot.LostContents(*gap, "layers of "+image.Name())
	return false
}

// isFor reports whether the image was named, or a container that was has it; where
// neither is so, its facts say why.
func (c *collector) isFor(image *snapshot.Image, e *snapshot.Engine) bool {
	if len(c.DeepFor) == 0 && len(c.DeepImages) == 0 || slices.ContainsFunc(c.DeepImages, image.Is) {
		return true
	}
	containers, _ := e.Containers.Peek()
	for i := range containers {
		one := &containers[i]
		if slices.Contains(image.UsedBy, one.Name) && slices.ContainsFunc(c.DeepFor, one.Is) {
			return true
		}
	}
	image.ImageContents = snapshot.LostContents(snapshot.Gap{
		Reason: snapshot.ReasonNotCollected, Detail: lang.N("only the files of some images were asked for"),
	}, "layers of "+image.Name())
	return false
}

// store is where an engine keeps its images, or why they cannot be read.
func (c *collector) store(f found, e *snapshot.Engine) (imagecontent.Store, *snapshot.Gap) {
	_, okContainers := e.Containers.Peek()
	root, okRoot := e.Settings.DataRoot.Peek()
	driver, okDriver := e.Settings.StorageDriver.Peek()
	switch {
	case f.daemonGap != nil:
		return imagecontent.Store{}, f.daemonGap
	case e.Kind != "docker":
		return imagecontent.Store{}, &snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.Recordf("the images of %s are kept in another form, which is not read", e.Kind),
		}
	case !okContainers && c.Deep == DeepUsed:
		return imagecontent.Store{}, new(e.Containers.Gap())
	case !okRoot:
		return imagecontent.Store{}, new(e.Settings.DataRoot.Gap())
	case !okDriver:
		return imagecontent.Store{}, new(e.Settings.StorageDriver.Gap())
	}
	view := viewOf(c.Machine, f.daemon.pid)
	// With user namespace remapping, the containerd that the daemon starts keeps
	// the directory without it.
	containerd := remapped.ReplaceAllString(root, "") + "/containerd/daemon"
	return imagecontent.Store{
		Own: imagecontent.Classic{Root: view.Below(root), Driver: driver},
		Containerd: imagecontent.Containerd{Roots: []*hostfile.FS{
			view.Below(containerd), c.Machine.Files.Below("/var/lib/containerd"),
		}},
	}, nil
}

// readLayers reads layers, several at a time.
func (c *collector) readLayers(ctx context.Context, layers []*layerRead) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(len(layers), runtime.GOMAXPROCS(0), 4) {
		workers.Go(func() {
			for i := range next {
				l := layers[i]
				c.say(lang.Recordf("files of image %s, layer %d of %d", l.image, i+1, len(layers)))
				l.layer, l.err = l.ref.Read(ctx)
			}
		})
	}
	for i := range layers {
		next <- i
	}
	close(next)
	workers.Wait()
}

// merge puts the layers of the image together.
func (r imageRead) merge(ctx context.Context) {
	layers := make([]*imagecontent.Layer, len(r.layers))
	for i, l := range r.layers {
		if l.err != nil {
			r.image.ImageContents = snapshot.LostContents(imagecontent.Gap(l.err), r.source)
			return
		}
		layers[i] = l.layer
	}
	contents, err := imagecontent.Merge(ctx, layers, r.source)
	if err != nil {
		contents = snapshot.LostContents(imagecontent.Gap(err), r.source)
	}
	r.image.ImageContents = contents
}
