"""What spark-submit is given, which takes a file and no module:

    spark-submit --master spark://HOST:7077 scripts/spark/job.py INPUT OUTPUT [--model NAME …]
"""

import sys

from namenlese.spark import main

sys.exit(main())
