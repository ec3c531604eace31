package cis

import (
	"slices"
	"strings"
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

func imageItems() []Recommendation {
	return []Recommendation{
		{"4.1", 1, manual, "Containers do not run as root", nil},
		{"4.2", 1, manual, "Images come from trusted sources", &Question{
			"Is every registry and repository here one that you trust, base images included?", imageSources}},
		{"4.3", 1, manual, "Images hold nothing that is not needed", &Question{
			"Does each image in use hold only the packages that its program needs?", imagesInUse}},
		{"4.4", 1, manual, "Images are scanned and rebuilt with patches", &Question{
			"Are the images in use scanned for vulnerabilities, and rebuilt since the last fixes that concern them?", imagesInUse}},
		{"4.5", 2, manual, "Content trust is switched on", &Question{
			"Is DOCKER_CONTENT_TRUST=1 set wherever these accounts pull and push images?", clientUsers}},
		{"4.6", 1, manual, "Images have a health check", nil},
		{"4.7", 1, manual, "A package index is never updated alone in a build step", &Question{
			"Does the Dockerfile of each image update and install in the same step?", imagesInUse}},
		{"4.8", 2, manual, "No setuid or setgid programs are left in images", &Question{
			"Are setuid and setgid bits taken off in each image, but where a program needs them?", setIDPrograms}},
		{"4.9", 1, manual, "Files are added by COPY rather than ADD", &Question{
			"Does the Dockerfile of each image use ADD only where COPY cannot serve?", imagesInUse}},
		{"4.10", 1, manual, "Build files hold no secrets", nil},
		{"4.11", 2, manual, "Only verified packages are installed", &Question{
			"Does the build of each image verify what it installs, by signed packages or checksums?", imagesInUse}},
		{"4.12", 1, manual, "Signatures of artefacts are checked", &Question{
			"Are signatures of images and of what is built into them verified before use?", imageSources}},
	}
}

// imageSources are the registries that the images' names point to.
func imageSources(l *Look) {
	l.images(func(images []snapshot.Image, of string) {
		var sources []string
		for _, i := range images {
			for _, tag := range i.Tags {
				sources = append(sources, snapshot.ImageRegistry(tag))
			}
			if len(i.Tags) == 0 {
				sources = append(sources, lang.T("no name"))
			}
		}
		l.note(named(lang.T("names by registry"), of), "%s", tally(sources))
	})
}

// imagesInUse are the images of containers, the oldest first.
func imagesInUse(l *Look) {
	l.images(func(images []snapshot.Image, of string) {
		used := slices.DeleteFunc(slices.Clone(images), func(i snapshot.Image) bool { return len(i.UsedBy) == 0 })
		slices.SortStableFunc(used, func(a, b snapshot.Image) int {
			x, _ := a.Created.Peek()
			y, _ := b.Created.Peek()
			return x.Compare(y)
		})
		names := make([]string, len(used))
		for i := range used {
			names[i] = used[i].Name()
			if created, ok := used[i].Created.Peek(); ok && !created.IsZero() {
				names[i] = lang.Sprintf("%s (made %s)", names[i], created.Format(time.DateOnly))
			}
		}
		l.note(named(lang.T("images"), of), "%d, of which %d are used by containers", len(images), len(used))
		if len(names) > 0 {
			l.note(named(lang.T("in use, oldest first"), of), "%s", join(names))
		}
	})
}

// setIDPrograms are the setuid and setgid files of each image whose files were
// read. Where no image has any, there is nothing to judge.
func setIDPrograms(l *Look) {
	found := false
	l.images(func(images []snapshot.Image, of string) {
		read, clean, gap := 0, 0, snapshot.Gap{}
		for i := range images {
			files, ok := images[i].SetIDFiles.Look(l)
			if !ok {
				gap = images[i].SetIDFiles.Gap()
				continue
			}
			if read++; len(files) == 0 {
				clean++
				continue
			}
			found = true
			var paths []string
			for _, f := range files {
				paths = append(paths, f.Mode.String()+" "+f.Path)
			}
			l.note(named(lang.Sprintf("in %s", images[i].Name()), of), "%s", join(paths))
		}
		l.note(named(lang.T("images"), of), "%d; the files of %d were read, and %d of these have none", len(images), read, clean)
		if read < len(images) {
			l.note(named(lang.T("others"), of), "%s", strings.TrimSuffix(lang.Reword(gap.Detail)+"; "+lang.Reword(gap.Remedy), "; "))
		}
	})
	if !found && l.settled == Open {
		l.met(lang.T("no image has setuid or setgid files"))
	}
}

// images looks at the images of each engine. Without any there is nothing to
// judge.
func (l *Look) images(look func(images []snapshot.Image, of string)) {
	all := 0
	l.engines(func(e *snapshot.Engine, of string) {
		images, ok := see(l, named(lang.T("images"), of), e.Images)
		if ok {
			all += len(images)
			look(images, of)
		}
	})
	if all == 0 {
		l.void(lang.T("there are no images"))
	}
}

// clientUsers are the accounts with a configuration of the CLI.
func clientUsers(l *Look) {
	clients, ok := see(l, lang.T("accounts that use the CLI"), l.Snapshot.Clients)
	if !ok {
		return
	}
	var names []string
	for _, c := range clients {
		names = append(names, c.User)
	}
	l.note(lang.T("accounts that use the CLI"), "%s", join(names))
}
