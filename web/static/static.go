// Package static holds the files that the site serves as they are: style
// sheets and the scripts around the program.
package static

import "embed"

//go:embed css/*.css js/*.js
var Files embed.FS
