package image

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// unread answers for an image that no container uses and whose files were not
// read for that reason.
func unread[T any](c *rule.Context, i *snapshot.Image, f snapshot.Fact[T]) (rule.Answer, bool) {
	if f.Gap().Reason != snapshot.ReasonNotCollected {
		return rule.Answer{}, false
	}
	return unused(c, i)
}

// unused answers for an image that no container uses and that nobody asked for. Where
// the containers could not be listed, that is not known.
func unused(c *rule.Context, i *snapshot.Image) (rule.Answer, bool) {
	if i.Asked || len(i.UsedBy) > 0 {
		return rule.Answer{}, false
	}
	c.Engine.Containers.Look(c)
	return c.NotApplicable("no container uses it"), true
}

// users are the containers of an image.
func users(c *rule.Context, i *snapshot.Image) []*snapshot.Container {
	containers, _ := c.Engine.Containers.Look(c)
	var out []*snapshot.Container
	for n := range containers {
		if slices.Contains(i.UsedBy, containers[n].Name) {
			out = append(out, &containers[n])
		}
	}
	return out
}

// list names the first of a list and counts the rest.
func list(names []string) string {
	const most = 6
	if len(names) > most+1 {
		return lang.Sprintf("%s and %d more", lang.Comma(names[:most]), len(names)-most)
	}
	return lang.Comma(names)
}

// inside is the example of an image with files. The container of the run line
// uses it.
func inside(show, run string, change func(*snapshot.ImageContents)) rule.Example {
	return rule.Example{Show: show, Run: run, Facts: example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		change(&images[0].ImageContents)
	})}
}

// gaining is the example of a container whose programs can gain privileges,
// which the engine of the examples does not allow by itself.
const gaining = "docker run --security-opt no-new-privileges=false alpine"
