// Package static holds the files that the site serves as they are: style
// sheets, the scripts around the program, and the picture on its social card,
// which was drawn from img/card.svg.
package static

import "embed"

//go:embed css/*.css js/*.js img/*.png
var Files embed.FS
