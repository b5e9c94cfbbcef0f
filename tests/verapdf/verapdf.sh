#!/bin/sh
# verapdf.sh FILE...: PDF/UA-1 by veraPDF. VERAPDF_HOME: the folder that setup.sh filled.
# Exit 0 all compliant, 1 some not, 2 some could not be read.
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true \
  -cp "$VERAPDF_HOME/verapdf.jar:$VERAPDF_HOME/classes" ValidateUa "$@"
