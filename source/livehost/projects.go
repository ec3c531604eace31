package livehost

import (
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
)

// Labels by which Compose says which files made a project.
const (
	labelConfigFiles = "com.docker.compose.project.config_files"
	labelEnvFile     = "com.docker.compose.project.environment_file"
	labelDirectory   = "com.docker.compose.project.working_dir"
)

// projects describes the files that the Compose projects of an engine were made
// from: those that the labels of their containers name, and what these take in. Those
// that are not on this machine are left out.
func projects(m Machine, e *snapshot.Engine) snapshot.Fact[[]snapshot.Project] {
	o := snapshot.At("files of Compose projects", "labels of containers")
	containers, known := e.Containers.Peek()
	if !known {
		return snapshot.Lost[[]snapshot.Project](e.Containers.Gap(), o)
	}
	out := []snapshot.Project{}
	l := map[string]*composeFiles{}
	for i := range containers {
		c := &containers[i]
		labels, known := c.Labels.Peek()
		switch {
		case !known:
			return snapshot.Lost[[]snapshot.Project](c.Labels.Gap(), o)
		case c.Project == "":
			continue
		case l[c.Project] == nil:
			l[c.Project] = &composeFiles{}
			out = append(out, snapshot.Project{Name: c.Project})
		}
		for role, names := range projectFiles(labels) {
			for _, name := range names {
				if why := snapshot.Withheld(name); why != "" {
					err := lang.RecordErrorf("a file of project %s is not known: %s", c.Project, why)
					return snapshot.Lost[[]snapshot.Project](source.GapFrom(err), o)
				}
				if role == snapshot.RoleCompose {
					l[c.Project].compose(m.Files, name)
					continue
				}
				l[c.Project].add(m.Files, role, name)
			}
		}
	}
	var partly error
	for i := range out {
		list := l[out[i].Name]
		if list.err != nil {
			return snapshot.Lost[[]snapshot.Project](source.GapFrom(list.err), o)
		}
		slices.SortFunc(list.files, func(a, b snapshot.File) int { return strings.Compare(a.Path, b.Path) })
		out[i].Files = list.files
		if partly == nil {
			partly = list.partly
		}
	}
	slices.SortFunc(out, func(a, b snapshot.Project) int { return strings.Compare(a.Name, b.Name) })
	if partly != nil {
		return snapshot.Part(out, source.GapFrom(partly), o)
	}
	return snapshot.See(out, o)
}

// projectFiles are the files that a container's labels name, by their role. Without
// a label for it Compose reads .env beside the project.
func projectFiles(labels map[string]string) map[string][]string {
	out := map[string][]string{}
	dir := labels[labelDirectory]
	for _, f := range strings.Split(labels[labelConfigFiles], ",") {
		if f != "" && !path.IsAbs(f) && f != snapshot.Cut {
			f = path.Join(dir, f)
		}
		out[snapshot.RoleCompose] = append(out[snapshot.RoleCompose], f)
	}
	switch env := labels[labelEnvFile]; {
	case env != "":
		out[snapshot.RoleComposeEnv] = strings.Split(env, ",")
	case path.IsAbs(dir):
		out[snapshot.RoleComposeEnv] = []string{path.Join(dir, ".env")}
	}
	return out
}
