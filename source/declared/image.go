package declared

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/accepted"
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
	if err != nil {
		return Project{}, err
	}
	waivers, err := accepted.Lines(f.Name, f.Content)
	return Project{Name: f.Name, Images: []snapshot.Image{i}, Waivers: waivers}, err
}

// Built adds the images that a Compose project builds to it, from the Dockerfiles in its
// directory. What Compose would refuse of them is told, a line each.
func Built(p *Project, builds []composefile.Build) (warnings []string) {
	made := make([]string, len(builds)) // names of the images
	for n, b := range builds {
		if same := slices.IndexFunc(builds[:n], b.Same); same >= 0 {
			p.acceptFor(b, made[same])
			continue // services that share an image build it once
		}
		i, waivers, err := image(b)
		made[n] = i.Name()
		p.acceptFor(b, made[n])
		for _, w := range waivers {
			w.Subject = i.Name()
			p.Waivers = append(p.Waivers, w)
		}
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

// acceptFor lets waivers at the service of a build hold for the image, too.
func (p *Project) acceptFor(b composefile.Build, image string) {
	for n := range p.Waivers {
		if w := &p.Waivers[n]; w.Section == "services" && w.Name == b.Service {
			w.Image = image
		}
	}
}

// image is the image of a build, and what its Dockerfile accepts.
func image(b composefile.Build) (snapshot.Image, []accepted.Waiver, error) {
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
		return i, nil, err // comments of the text are the Compose file's
	}
	if info, err := os.Stat(b.Dockerfile); err == nil && !info.Mode().IsRegular() {
		return snapshot.Image{}, nil, lang.Errorf("%s: it is no file", b.Dockerfile)
	}
	f, err := composefile.ReadFile(b.Dockerfile, nil)
	if err != nil {
		return snapshot.Image{}, nil, err
	}
	o.Context.Ignore = dockerfile.IgnoreOf(b.Dockerfile, cmp.Or(b.Context, filepath.Dir(b.Dockerfile)))
	i, err := dockerfile.Read(f.Name, f.Content, o)
	if err != nil {
		return i, nil, err
	}
	waivers, err := accepted.Lines(f.Name, f.Content)
	return i, waivers, err
}
