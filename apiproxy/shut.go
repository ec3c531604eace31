package apiproxy

import "seawall/snapshot"

// Shut are the settings of a filter of which each alone makes it refuse what
// [Access] names so: a variable as it is written ("POST=0"), or the name of an option
// that is to be left out ("-allowPOST").
type Shut struct {
	Order, Services, Ask, Swarm []string
}

// ShutBy are the settings that narrow the container's filter; none where it is not
// known, or its settings are not understood.
func ShutBy(c *snapshot.Container) Shut {
	image, _ := c.Image.Peek()
	product := productOf(image)
	if product < 0 || products[product].shut == nil {
		return Shut{}
	}
	return products[product].shut(&settings{w: quiet{}, c: c})
}

// shutSections: the switch of all that changes something, or that of the section. Where
// two sections let orders through, neither switch alone does.
func shutSections(s *settings) Shut {
	out := Shut{Order: []string{"POST=0"}, Services: []string{"POST=0", "SERVICES=0"}, Ask: []string{"CONTAINERS=0"}, Swarm: []string{"SWARM=0"}}
	containers, plugins := s.switched("CONTAINERS", No), s.switched("PLUGINS", No)
	switch {
	case plugins == No:
		out.Order = append(out.Order, "CONTAINERS=0")
	case containers == No:
		out.Order = append(out.Order, "PLUGINS=0")
	}
	return out
}

// shutPatterns: the pattern of the method.
func shutPatterns(*settings) Shut {
	post, get := []string{"-allowPOST"}, []string{"-allowGET"}
	return Shut{Order: post, Services: post, Ask: get, Swarm: get}
}

// quiet is a witness that keeps nothing: what a filter lets through has told it.
type quiet struct{}

func (quiet) Saw(snapshot.Origin, any)             {}
func (quiet) Missed(snapshot.Origin, snapshot.Gap) {}
func (quiet) Stop()                                { panic("apiproxy: settings are read with Try") }
