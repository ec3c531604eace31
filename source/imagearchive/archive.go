package imagearchive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/imageconfig"
	"seawall/source/imagehistory"
)

// Bounds of what an archive may hold: images, and indexes in indexes.
const (
	maxImages  = 64
	maxIndexes = 4
)

// Is reports whether a name is that of an archive or an image layout, and not of an image:
// a file, or a directory with the file that marks a layout.
func Is(name string) bool {
	info, err := os.Stat(name)
	if err != nil {
		return false
	}
	if info.IsDir() {
		_, err = os.Stat(name + "/oci-layout")
		return err == nil
	}
	return info.Mode().IsRegular()
}

// Read tells of the images of an archive or image layout: configuration and history. An
// error is one line that begins with the name.
func Read(ctx context.Context, name string) ([]snapshot.Image, error) {
	docs, done, err := opened(ctx, name)
	if err == nil {
		defer done() //nolint:errcheck // read only
		var images []snapshot.Image
		if images, err = docs.images(name); err == nil {
			return images, nil
		}
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return nil, fmt.Errorf("%s: %s", name, strings.Join(strings.Fields(err.Error()), " "))
}

// images reads the images by manifest.json of docker save, or else by index.json.
func (d documents) images(name string) ([]snapshot.Image, error) {
	l := &listing{docs: d, archive: name}
	var err error
	switch _, has := d("manifest.json"); {
	case has == nil:
		err = l.saved()
	default:
		if _, has := d("index.json"); has != nil {
			return nil, lang.Error("it has neither manifest.json nor index.json: it is no archive of images")
		}
		err = l.layout()
	}
	if err == nil && len(l.images) == 0 {
		err = lang.Error("it holds no image")
	}
	return l.images, err
}

// listing is the reading of one archive.
type listing struct {
	docs    documents
	archive string
	images  []snapshot.Image
}

// saved reads what docker save wrote (moby, image/spec/v1.2.md).
func (l *listing) saved() error {
	var manifest []struct {
		Config   string
		RepoTags []string
	}
	if _, err := l.docs.read("manifest.json", &manifest); err != nil {
		return err
	}
	for _, m := range manifest {
		if err := l.add(m.RepoTags, "", func(into any) ([]byte, error) { return l.docs.read(m.Config, into) }); err != nil {
			return err
		}
	}
	return nil
}

// descriptor leads to a document of a layout (OCI image specification, descriptor.md).
type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Annotations map[string]string `json:"annotations"`
	Platform    *struct {
		OS           string `json:"os"`
		Architecture string `json:"architecture"`
		Variant      string `json:"variant"`
	} `json:"platform"`
}

// name is that of the image, if the descriptor has one.
func (d descriptor) name() string {
	return cmp.Or(d.Annotations["io.containerd.image.name"], d.Annotations["org.opencontainers.image.ref.name"])
}

// platform is "linux/arm64"; "" if it is not told.
func (d descriptor) platform() string {
	if d.Platform == nil {
		return ""
	}
	return strings.TrimSuffix(d.Platform.OS+"/"+d.Platform.Architecture+"/"+d.Platform.Variant, "/")
}

// attests reports whether the descriptor leads to statements about an image, and not to
// one (docs.docker.com, "Image attestation storage").
func (d descriptor) attests() bool {
	return d.Annotations["vnd.docker.reference.type"] != "" || d.platform() == "unknown/unknown"
}

type index struct {
	Manifests []descriptor `json:"manifests"`
}

func (l *listing) layout() error {
	var top index
	if _, err := l.docs.read("index.json", &top); err != nil {
		return err
	}
	return l.index(top, "", maxIndexes)
}

// index reads the images of an index, which have its name where they have none.
func (l *listing) index(in index, name string, depth int) error {
	if depth == 0 {
		return lang.Error("it has indexes in indexes without end")
	}
	for _, d := range in.Manifests {
		if d.attests() {
			continue
		}
		if err := l.manifest(d, cmp.Or(d.name(), name), depth); err != nil {
			return err
		}
	}
	return nil
}

// manifest reads an image, or an index.
func (l *listing) manifest(d descriptor, name string, depth int) error {
	var m struct {
		index
		Config *descriptor `json:"config"`
	}
	if _, err := l.docs.blob(d.Digest, &m); err != nil {
		if d.Platform != nil && missing(err) {
			return nil // a platform that was left out when the archive was written
		}
		return err
	}
	if m.Config == nil {
		return l.index(m.index, name, depth-1)
	}
	if !strings.Contains(m.Config.MediaType, "image") {
		return nil // an artifact of another kind
	}
	var tags []string
	if name != "" {
		tags = []string{name}
	}
	return l.add(tags, d.platform(), func(into any) ([]byte, error) { return l.docs.blob(m.Config.Digest, into) })
}

func missing(err error) bool { return strings.HasSuffix(lang.Untranslated(err), "is not in it") }

// imageDocument is what is needed of an image's document (OCI image specification, config.md).
type imageDocument struct {
	Created *time.Time          `json:"created"`
	Config  *imageconfig.Config `json:"config"`
	History []struct {
		CreatedBy string `json:"created_by"`
	} `json:"history"`
	RootFS struct {
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
}

// notDeep is why the files of an image are not known.
var notDeep = snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.N("the files of layers are read of images that an engine holds"), Remedy: lang.N("load it, and audit the engine with --deep")}

// add reads an image's document.
func (l *listing) add(tags []string, platform string, read func(any) ([]byte, error)) error {
	if len(l.images) == maxImages {
		return lang.Errorf("it holds more than %d images", maxImages)
	}
	var doc imageDocument
	data, err := read(&doc)
	if err != nil {
		return err
	}
	i := snapshot.Image{ID: idOf(data), Asked: true, Tags: slices.Sorted(slices.Values(tags)), ImageContents: snapshot.LostContents(notDeep, l.archive)}
	for n := range i.Tags {
		i.Tags[n] = shorten(i.Tags[n])
		if platform != "" {
			i.Tags[n] += " " + shorten(platform)
		}
	}
	source := l.archive + ", " + i.Name()
	i.Created = snapshot.None[time.Time](snapshot.At("created", source))
	if doc.Created != nil {
		i.Created = snapshot.See(doc.Created.UTC(), snapshot.At("created", source))
	}
	if doc.Config == nil {
		doc.Config = &imageconfig.Config{}
	}
	imageconfig.Fill(&i, doc.Config, source)
	i.Bases = snapshot.Lost[[]snapshot.BaseImage](snapshot.NoDockerfile, snapshot.At("FROM", source))
	i.Layers = snapshot.See(doc.RootFS.DiffIDs, snapshot.At("rootfs.diff_ids", source))
	i.Build = history(doc, source)
	l.images = append(l.images, i)
	return nil
}

// history is what the steps did. Some builders write none.
func history(doc imageDocument, source string) snapshot.Fact[[]snapshot.BuildRemark] {
	o := snapshot.At("history", source)
	if len(doc.History) == 0 && len(doc.RootFS.DiffIDs) > 0 {
		return snapshot.Lost[[]snapshot.BuildRemark](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.N("whoever built the image wrote no history into it"), Remedy: lang.N("audit its Dockerfile"),
		}, o)
	}
	var texts []string
	for _, h := range doc.History {
		texts = append(texts, h.CreatedBy)
	}
	return snapshot.See(imagehistory.Remarks(texts), o)
}
