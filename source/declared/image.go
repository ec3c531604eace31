package declared

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/source/dockerfile"
)

// Dockerfile is the project of a Dockerfile alone.
func Dockerfile(f composefile.File, near bool) (Project, error) {
	o := dockerfile.Options{}
	if near {
		o.Context.Ignore = dockerfile.IgnoreNear(f.Name)
	}
	i, err := dockerfile.Read(f.Name, f.Content, o)
	return Project{Name: f.Name, Images: []snapshot.Image{i}}, err
}

// Built adds the images that a Compose project builds to it, from the Dockerfiles in its
// directory. What Compose would refuse of them is told, a line each.
func Built(p *Project, builds []composefile.Build) (warnings []string) {
	for _, b := range builds {
		i, err := image(b)
		if err != nil {
			warnings = append(warnings, err.Error())
			continue
		}
		p.Images = append(p.Images, i)
	}
	for n := range p.Images {
		for _, c := range p.Containers {
			if name, _ := c.Image.Peek(); name != "" && name == p.Images[n].Name() {
				p.Images[n].UsedBy = append(p.Images[n].UsedBy, c.Name)
			}
		}
	}
	return warnings
}

// image is the image of a build.
func image(b composefile.Build) (snapshot.Image, error) {
	o := dockerfile.Options{Target: b.Target, Args: b.Args, AllArgs: true, Tag: b.Image, Context: dockerfile.Context{Named: b.Contexts}}
	if b.Privileged {
		o.Given = append(o.Given, snapshot.BuildRemark{Instruction: "build", Kind: snapshot.BuildInsecure, What: "privileged: true", Where: b.Place})
	}
	if b.HostNetwork {
		o.Given = append(o.Given, snapshot.BuildRemark{Instruction: "build", Kind: snapshot.BuildHostNet, What: "network: host", Where: b.Place})
	}
	if b.Inline != "" {
		o.Place = b.Place
		i, err := dockerfile.Read(b.Place, []byte(b.Inline), o)
		i.ID = b.Image
		return i, err
	}
	if info, err := os.Stat(b.Dockerfile); err == nil && !info.Mode().IsRegular() {
		return snapshot.Image{}, fmt.Errorf("%s: it is no file", b.Dockerfile)
	}
	f, err := composefile.ReadFile(b.Dockerfile, nil)
	if err != nil {
		return snapshot.Image{}, err
	}
	o.Context.Ignore = dockerfile.IgnoreOf(b.Dockerfile, cmp.Or(b.Context, filepath.Dir(b.Dockerfile)))
	return dockerfile.Read(f.Name, f.Content, o)
}
