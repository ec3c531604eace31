package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"

	"github.com/chromedp/chromedp"
)

// FixedFonts draws all text in fonts that scripts/setup-lab.sh installs, so that pictures
// are the same on every machine: DejaVu Sans, and DejaVu Sans Mono for code. What is not
// in sight is drawn, too.
func (b *Tab) FixedFonts() {
	b.t.Helper()
	b.Script(drawAll)
	b.Script(`(() => { const s = new CSSStyleSheet(); s.replaceSync('* { font-family: "DejaVu Sans", "VL Gothic" !important } code, code * { font-family: "DejaVu Sans Mono", "VL Gothic" !important }'); document.adoptedStyleSheets.push(s); })()`)
}

// Picture is what the first element of a selector looks like.
func (b *Tab) Picture(selector string) image.Image {
	b.t.Helper()
	out, err := png.Decode(bytes.NewReader(Run(b, chromedp.Screenshot(chromedp.CSS(selector)))))
	if err != nil {
		b.t.Fatalf("picture of %s: %v", selector, err)
	}
	return out
}

// Differs is the share of pixels in which two pictures differ, from 0 to 1, and a picture
// of where: those in red, over the first. A pixel differs if its neighbourhood does, for
// how letters are smoothed changes with every version of a browser. Pictures of other
// sizes differ in all.
func Differs(a, b image.Image) (share float64, where image.Image) {
	box := a.Bounds().Union(b.Bounds())
	out := image.NewRGBA(box)
	draw.Draw(out, a.Bounds(), a, a.Bounds().Min, draw.Src)
	if d := a.Bounds().Size().Sub(b.Bounds().Size()); max(d.X, -d.X) > 2 || max(d.Y, -d.Y) > 2 {
		return 1, out
	}
	x, y := blurred(a, box), blurred(b, box)
	const much = 40 // of 255
	n := 0
	for i := range x {
		for c := range 3 {
			if d := x[i][c] - y[i][c]; d > much || d < -much {
				n++
				out.Set(box.Min.X+i%box.Dx(), box.Min.Y+i/box.Dx(), color.RGBA{255, 0, 0, 255})
				break
			}
		}
	}
	return float64(n) / float64(len(x)), out
}

// blurred is the mean colour around each pixel of a box, three pixels wide and high.
func blurred(m image.Image, box image.Rectangle) [][3]int {
	out := make([][3]int, box.Dx()*box.Dy())
	for i := range out {
		x, y := box.Min.X+i%box.Dx(), box.Min.Y+i/box.Dx()
		n := 0
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				if at := image.Pt(x+dx, y+dy); at.In(m.Bounds()) {
					r, g, b, _ := m.At(at.X, at.Y).RGBA()
					out[i][0], out[i][1], out[i][2] = out[i][0]+int(r>>8), out[i][1]+int(g>>8), out[i][2]+int(b>>8)
					n++
				}
			}
		}
		for c := range 3 {
			out[i][c] /= max(n, 1)
		}
	}
	return out
}

// Small is a picture as a PNG file of at most 64 colours, those that it has most.
func Small(m image.Image) []byte {
	count := map[color.Color]int{}
	box := m.Bounds()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			count[m.At(x, y)]++
		}
	}
	colours := make(color.Palette, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.Color) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return bytes.Compare(bytesOf(a), bytesOf(b))
	})
	out := image.NewPaletted(box, colours[:min(len(colours), 64)])
	draw.Draw(out, box, m, box.Min, draw.Src)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	_ = encoder.Encode(&b, out) // a buffer takes all
	return b.Bytes()
}

func bytesOf(c color.Color) []byte {
	r, g, b, a := c.RGBA()
	return []byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), byte(a >> 8)}
}
