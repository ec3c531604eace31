package page

import (
	"time"
)

const (
	dateRow   = 26
	dateNames = 400 // room for names at the left
	dateRight = 930
)

// drawnDates are ends with all places worked out.
type drawnDates struct {
	*Dates
	Width, Height int
	Bottom        int
	Today         int // the time of the audit
	Years         []tick
	Rows          []dateRowAt
}

// dateRowAt is one end: a line from the audit to it, and a mark.
type dateRowAt struct {
	*DateItem
	X, Y, Base int
	Mark       string
}

// draw places ends on an axis from the first of them, or the audit, to the last. What is
// further than the axis shows stands at its end.
func (d *Dates) draw() drawnDates {
	first, last := d.Now, d.Now
	for i := range d.Items {
		if e := d.Items[i].Ends; e.Before(first) {
			first = e
		} else if e.After(last) {
			last = e
		}
	}
	const most = 6 * 366 * 24 * time.Hour // a certificate of a hundred years leaves no room for the others
	first, last = later(first, d.Now.Add(-most/2)), earlier(last, d.Now.Add(most))
	out := drawnDates{Dates: d, Width: 960, Bottom: 12 + dateRow*len(d.Items), Height: 12 + dateRow*len(d.Items) + 30}
	x := func(t time.Time) int {
		return scale(earlier(later(t, first), last).Sub(first), last.Sub(first), dateNames+10, dateRight)
	}
	out.Today = x(d.Now)
	for i := range d.Items {
		item := &d.Items[i]
		at, y := x(item.Ends), 12+dateRow*i+dateRow/2
		shape := 3 // a circle
		switch item.Tone {
		case Bad:
			shape = 0
		case Warn:
			shape = 1
		}
		out.Rows = append(out.Rows, dateRowAt{item, at, y, y + 4, markShape(shape, at, y)})
	}
	out.Years = years(first, last, x)
	return out
}

// years are marks at the first days of years; of a short span, of months.
func years(first, last time.Time, x func(time.Time) int) []tick {
	step, layout := 12, "2006"
	if last.Sub(first) < 2*366*24*time.Hour {
		step, layout = 3, "2006-01"
	}
	var out []tick
	for t := time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC); !t.After(last); t = t.AddDate(0, step, 0) {
		if !t.Before(first) {
			out = append(out, tick{x(t), t.Format(layout)})
		}
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
